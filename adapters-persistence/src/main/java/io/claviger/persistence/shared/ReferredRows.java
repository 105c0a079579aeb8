package io.claviger.persistence.shared;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows that can't be deleted or changed while other rows refer to them. Each constant contains the
 * names of the foreign keys that protect the rows. A foreign key without a constant deletes or
 * clears the referring rows, so it is violated only if the referenced row is missing.
 */
public enum ReferredRows {
  API_STANDARDS(
      "definitions_api_standard_fkey",
      "instances_api_standard_fkey",
      "model_configs_format_fkey",
      "model_targets_format_fkey"),
  /** The names that programs declare. They are never deleted. */
  DECLARED_NAMES("api_standards_format_fkey", "instances_credential_kind_fkey"),
  ENCRYPTION_KEYS(
      "webhooks_secret_sealed_fkey",
      "naming_keys_key_sealed_fkey",
      "billing_credentials_credential_sealed_fkey",
      "issuer_keys_key_sealed_fkey",
      "audit_keys_key_sealed_fkey",
      "approvals_change_fkey",
      "identities_refresh_token_sealed_fkey",
      "instances_headers_sealed_fkey",
      "instances_api_key_sealed_fkey",
      "user_keys_api_key_sealed_fkey"),
  PROVIDERS("instances_provider_fkey", "definitions_provider_fkey"),
  GROUPS("users_responsible_group_fkey"),
  INSTANCES(
      "model_configs_instance_fkey",
      "model_configs_instance_standard_fkey",
      "model_configs_format_fkey",
      "model_targets_instance_fkey",
      "model_targets_standard_fkey",
      "model_targets_format_fkey",
      "projects_instance_fkey",
      "shares_not_of_everybodys_fkey"),

  TRUSTED_ISSUERS("trusts_issuer_fkey"),

  /**
   * Deleting a user also deletes the user's instances. Service accounts for which the user is
   * responsible are not deleted, because somebody must be responsible for each of these accounts.
   */
  USERS(INSTANCES, "users_responsible_user_fkey", "users_responsible_kind_fkey");

  private final Set<String> foreignKeys;

  ReferredRows(String... foreignKeys) {
    this.foreignKeys = Set.of(foreignKeys);
  }

  /**
   * @param owned references to rows that are deleted together with rows of this kind; these
   *     references are protected too
   */
  ReferredRows(ReferredRows owned, String... foreignKeys) {
    this.foreignKeys =
        Stream.concat(owned.foreignKeys.stream(), Stream.of(foreignKeys))
            .collect(Collectors.toUnmodifiableSet());
  }

  public Set<String> foreignKeys() {
    return foreignKeys;
  }
}
