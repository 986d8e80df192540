"""What SharePoint lends for a migration: containers, a queue, and the key that everything in them is encrypted with."""

from __future__ import annotations

import base64
import secrets

from spmigrate.rehearsal.odata.render import Complex
from spmigrate.rehearsal.sharepoint.model import Call, Result, Stored, action


class MigrationStorage(Stored):
    """The calls of a site that give out storage."""

    @action("ProvisionMigrationContainers")
    def provision_migration_containers(self, _call: Call) -> Result:
        """Two containers for one job, content and manifest, and the key for both."""
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        values = {
            "DataContainerUri": self._lend("content", key),
            "EncryptionKey": key,
            "MetadataContainerUri": self._lend("manifest", key),
        }
        return Result("ProvisionMigrationContainers", Complex("SP.ProvisionedMigrationContainersInfo", values))

    @action("ProvisionTemporaryAzureContainer")
    def provision_temporary_container(self, _call: Call) -> Result:
        """One container."""
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        values = {"EncryptionKey": key, "Uri": self._lend("temporary", key)}
        return Result("ProvisionTemporaryAzureContainer", Complex("SP.ProvisionedTemporaryAzureContainerInfo", values))

    @action("ProvisionMigrationQueue")
    def provision_migration_queue(self, _call: Call) -> Result:
        """A queue for the events of jobs."""
        uri = self.scope.tenant.azure.containers.provision_queue(site=self.entity.id, number=self.entity.id)
        return Result("ProvisionMigrationQueue", Complex("SP.ProvisionedMigrationQueueInfo", {"JobQueueUri": uri}))

    def _lend(self, purpose: str, key: str) -> str:
        containers = self.scope.tenant.azure.containers
        return containers.provision_container(site=self.entity.id, number=self.entity.id, purpose=purpose, key=key)
