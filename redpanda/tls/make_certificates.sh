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

# Redpanda reads its key as another user than the one who made it.
chmod 644 broker.key broker.crt ca.crt
