#!/bin/sh
# Creates each topic of a folder, or brings its settings up to date. May run any number of times.
# Usage: create_topics.sh <folder with <topic>.yaml files>; rpk finds the cluster through RPK_BROKERS.
set -eu

# Prints the "name: value" lines of a flat YAML file as "name=value", without comments and quotes.
settings_of() {
  sed -n -e 's/[[:space:]]*#.*$//' -e 's/^\([a-z._]*\):[[:space:]]*"\{0,1\}\([^"]*\)"\{0,1\}[[:space:]]*$/\1=\2/p' "$1"
}

for file in "$1"/*.yaml; do
  topic=$(basename "$file" .yaml)
  partitions=$(settings_of "$file" | sed -n 's/^partitions=//p')
  replicas=$(settings_of "$file" | sed -n 's/^replicas=//p')
  settings=$(settings_of "$file" | grep -v -e '^partitions=' -e '^replicas=')
  if rpk topic list | cut -d ' ' -f 1 | grep -Fqx "$topic"; then
    # More partitions would send the trains of one key to two places: that is a decision, not a default.
    set --
    for setting in $settings; do set -- "$@" --set "$setting"; done
    rpk topic alter-config "$topic" "$@"
  else
    set --
    for setting in $settings; do set -- "$@" --topic-config "$setting"; done
    rpk topic create "$topic" --partitions "$partitions" --replicas "$replicas" "$@"
  fi
done
