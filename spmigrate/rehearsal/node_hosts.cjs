// Loaded by NODE_OPTIONS=--require. Node's own fetch, https and MSAL read no proxy from the environment
// (Node 20), so connections to the tenant's host names are led to it here. TLS is not touched: the program
// still sees the certificate of the host that it asked for.
"use strict";

const fs = require("fs");
const net = require("net");
const path = require("path");

const ready = path.join(__dirname, "ready.json");

function read() {
  try {
    const facts = JSON.parse(fs.readFileSync(ready, "utf8"));
    const at = facts.address.lastIndexOf(":");
    return { host: facts.address.slice(0, at), port: Number(facts.address.slice(at + 1)), names: facts.hosts };
  } catch {
    return null;
  }
}

const tenant = read();

function isOwn(host) {
  const name = String(host || "").toLowerCase();
  return tenant.names.some((each) => (each.startsWith("*.") ? name.endsWith(each.slice(1)) : name === each));
}

if (tenant !== null) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function connectToTenant(...given) {
    // net.connect and tls.connect hand over [options, callback] in one array; others call with options or (port, host).
    const normalised = Array.isArray(given[0]);
    const list = normalised ? given[0] : given;
    const first = list[0];
    const options = first !== null && typeof first === "object" ? first : { port: first, host: list[1] };
    if (Number(options.port) === 443 && isOwn(options.host)) {
      const led = { ...options, host: tenant.host, port: tenant.port };
      delete led.lookup;
      const callback = list.find((each) => typeof each === "function");
      return callback ? connect.call(this, led, callback) : connect.call(this, led);
    }
    return connect.apply(this, given);
  };
}
