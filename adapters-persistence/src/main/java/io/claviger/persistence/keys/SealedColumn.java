package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.domain.keys.KeyBinding.Kind;

/**
 * All columns with sealed values. A test compares this list with the database's catalogue, because
 * a rotation would skip a column that is missing here.
 */
public enum SealedColumn {
  API_KEY(Table.INSTANCES, "instances", "api_key_sealed", Kind.INSTANCE_API_KEY),
  HEADERS(Table.INSTANCES, "instances", "headers_sealed", Kind.INSTANCE_HEADERS),
  USER_KEY(Table.USER_KEYS, "user_keys", "api_key_sealed", Kind.USER_KEY),
  REFRESH_TOKEN(Table.IDENTITIES, "identities", "refresh_token_sealed", Kind.REFRESH_TOKEN),
  WEBHOOK_SECRET(Table.WEBHOOKS, "webhooks", "secret_sealed", Kind.WEBHOOK_SECRET),
  NAMING_KEY(Table.NAMING_KEYS, "naming_keys", "key_sealed", Kind.NAMING_KEY),
  BILLING_CREDENTIAL(
      Table.BILLING_CREDENTIALS,
      "billing_credentials",
      "credential_sealed",
      Kind.BILLING_CREDENTIAL),
  ISSUER_KEY(Table.ISSUER_KEYS, "issuer_keys", "key_sealed", Kind.ISSUER_KEY),
  AUDIT_KEY(Table.AUDIT_KEYS, "audit_keys", "key_sealed", Kind.AUDIT_KEY),
  WAITING_CHANGE(Table.APPROVALS, "approvals", "change", Kind.WAITING_CHANGE);

  private final Table walk;
  private final String table;
  private final String column;
  private final Kind kind;

  SealedColumn(Table walk, String table, String column, Kind kind) {
    this.walk = walk;
    this.table = table;
    this.column = column;
    this.kind = kind;
  }

  Table walk() {
    return walk;
  }

  public String table() {
    return table;
  }

  public String column() {
    return column;
  }

  Kind kind() {
    return kind;
  }
}
