"""The columns of usage reports. Source: Microsoft, the reference of each report."""

from __future__ import annotations

_DAY = "Report Date,Report Period"
_USED = "Viewed Or Edited,Synced,Shared Internally,Shared Externally"
_MAIL = "Send,Receive,Read,Meeting Created,Meeting Interacted"
COLUMNS = {
    "getSharePointSiteUsageDetail": "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,"
    "Last Activity Date,File Count,Active File Count,Page View Count,Visited Page Count,Storage Used (Byte),"
    "Storage Allocated (Byte),Root Web Template,Owner Principal Name,Report Period",
    "getSharePointSiteUsageFileCounts": f"Report Refresh Date,Site Type,Total,Active,{_DAY}",
    "getSharePointSiteUsageSiteCounts": f"Report Refresh Date,Site Type,Total,Active,{_DAY}",
    "getSharePointSiteUsageStorage": f"Report Refresh Date,Site Type,Storage Used (Byte),{_DAY}",
    "getSharePointSiteUsagePages": f"Report Refresh Date,Site Type,Page View Count,{_DAY}",
    "getSharePointActivityUserDetail": "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,"
    "Last Activity Date,Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,"
    "Shared Externally File Count,Visited Page Count,Assigned Products,Report Period",
    "getSharePointActivityFileCounts": f"Report Refresh Date,{_USED},{_DAY}",
    "getSharePointActivityUserCounts": f"Report Refresh Date,Visited Page,{_USED},{_DAY}",
    "getSharePointActivityPages": f"Report Refresh Date,Visited Page Count,{_DAY}",
    "getOneDriveActivityFileCounts": f"Report Refresh Date,{_USED},{_DAY}",
    "getOneDriveActivityUserCounts": f"Report Refresh Date,{_USED},{_DAY}",
    "getOffice365ActiveUserCounts": "Report Refresh Date,Office 365,Exchange,OneDrive,SharePoint,Skype For Business,"
    f"Yammer,Teams,{_DAY}",
    "getOffice365GroupsActivityCounts": "Report Refresh Date,Exchange Emails Received,Yammer Messages Posted,"
    f"Yammer Messages Read,Yammer Messages Liked,{_DAY}",
    "getOffice365GroupsActivityGroupCounts": f"Report Refresh Date,Total,Active,{_DAY}",
    "getOffice365GroupsActivityFileCounts": f"Report Refresh Date,Total,Active,{_DAY}",
    "getOffice365GroupsActivityStorage": "Report Refresh Date,Mailbox Storage Used (Byte),Site Storage Used (Byte),"
    f"{_DAY}",
    "getOneDriveUsageAccountDetail": "Report Refresh Date,Site URL,Owner Display Name,Is Deleted,Last Activity Date,"
    "File Count,Active File Count,Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period",
    "getOneDriveUsageAccountCounts": f"Report Refresh Date,Site Type,Total,Active,{_DAY}",
    "getOneDriveUsageFileCounts": f"Report Refresh Date,Site Type,Total,Active,{_DAY}",
    "getOneDriveUsageStorage": f"Report Refresh Date,Site Type,Storage Used (Byte),{_DAY}",
    "getOneDriveActivityUserDetail": "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,"
    "Last Activity Date,Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,"
    "Shared Externally File Count,Assigned Products,Report Period",
    "getOffice365ActiveUserDetail": "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,"
    "Has Exchange License,Has OneDrive License,Has SharePoint License,Has Skype For Business License,"
    "Has Yammer License,Has Teams License,Exchange Last Activity Date,OneDrive Last Activity Date,"
    "SharePoint Last Activity Date,Skype For Business Last Activity Date,Yammer Last Activity Date,"
    "Teams Last Activity Date,Exchange License Assign Date,OneDrive License Assign Date,"
    "SharePoint License Assign Date,Skype For Business License Assign Date,Yammer License Assign Date,"
    "Teams License Assign Date,Assigned Products",
    "getOffice365GroupsActivityDetail": "Report Refresh Date,Group Display Name,Is Deleted,Owner Principal Name,"
    "Last Activity Date,Group Type,Member Count,External Member Count,Exchange Received Email Count,"
    "SharePoint Active File Count,Yammer Posted Message Count,Yammer Read Message Count,Yammer Liked Message Count,"
    "Exchange Mailbox Total Item Count,Exchange Mailbox Storage Used (Byte),SharePoint Total File Count,"
    "SharePoint Site Storage Used (Byte),Group Id,Report Period",
    "getOffice365ActivationsUserCounts": "Report Refresh Date,Product Type,Assigned,Activated,"
    "Shared Computer Activation",
    "getOffice365ActivationsUserDetail": "Report Refresh Date,User Principal Name,Display Name,Product Type,"
    "Last Activated Date,Windows,Mac,Windows 10 Mobile,iOS,Android,Activated On Shared Computer",
    "getEmailActivityUserDetail": "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,"
    "Last Activity Date,Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,"
    "Assigned Products,Report Period",
    "getEmailActivityCounts": f"Report Refresh Date,{_MAIL},{_DAY}",
    "getEmailActivityUserCounts": f"Report Refresh Date,{_MAIL},{_DAY}",
    "getMailboxUsageDetail": "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,"
    "Created Date,Last Activity Date,Item Count,Storage Used (Byte),Issue Warning Quota (Byte),"
    "Prohibit Send Quota (Byte),Prohibit Send/Receive Quota (Byte),Deleted Item Count,Deleted Item Size (Byte),"
    "Deleted Item Quota (Byte),Has Archive,Report Period",
    "getMailboxUsageMailboxCounts": f"Report Refresh Date,Total,Active,{_DAY}",
    "getMailboxUsageQuotaStatusMailboxCounts": "Report Refresh Date,Under Limit,Warning Issued,Send Prohibited,"
    f"Send/Receive Prohibited,Indeterminate,{_DAY}",
    "getMailboxUsageStorage": f"Report Refresh Date,Storage Used (Byte),{_DAY}",
    "getM365AppUserCounts": f"Report Refresh Date,Outlook,Word,Excel,PowerPoint,OneNote,Teams,{_DAY}",
    "getOffice365ActivationCounts": "Report Refresh Date,Product Type,Windows,Mac,Android,iOS,Windows 10 Mobile",
}
