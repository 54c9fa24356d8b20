#!/bin/sh
# Makes an authority and a certificate of the broker for this machine, good for 90 days and for development only.
# Usage: make_certificates.sh <folder>. The folder certs beside this file is in .gitignore.
set -eu
umask 077
mkdir -p "$1"
cd "$1"

openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -x509 -new -key ca.key -sha256 -days 90 -subj "/CN=ratalake development authority" -out ca.crt

openssl ecparam -name prime256v1 -genkey -noout -out broker.key
openssl req -new -key broker.key -subj "/CN=localhost" -out broker.csr
printf 'subjectAltName=DNS:localhost,DNS:redpanda,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > broker.ext
openssl x509 -req -in broker.csr -CA ca.crt -CAkey ca.key -CAcreateserial -sha256 -days 90 -extfile broker.ext -out broker.crt
rm broker.csr broker.ext

# In its container Redpanda is the user 101, who has to come into the folder and to read its key; the authority's key
# stays for whoever made it. Only where neither of the first two ways is open may everybody on this machine read the key.
chmod 711 .
chmod 644 broker.crt ca.crt
if [ "$(id -u)" = 0 ]; then
  chown 101 broker.key
elif ! setfacl -m u:101:r broker.key 2>/dev/null; then
  chmod 644 broker.key
  echo "broker.key can be read by every user of this machine: there is no setfacl to give it to user 101 alone" >&2
fi
