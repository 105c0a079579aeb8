package io.claviger.imports.shared;

import io.claviger.domain.audit.AuditAction;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of a kind of thing whose import can be undone.
 *
 * @param id the column of its id
 * @param with the column of its second id
 * @param version an expression that changes with every change that somebody makes
 * @param isPresent the condition under which a row {@code t} is there for users
 * @param removal the statement that removes the rows {@code gone}
 */
record MadeRows(
    String table,
    String id,
    Optional<String> with,
    String version,
    String isPresent,
    String removal,
    AuditAction removed,
    String targetType) {

  private static final String VERSION = "t.version";
  private static final String ALWAYS = "true";

  static final Map<ImportedKind, MadeRows> BY_KIND =
      Map.of(
          ImportedKind.USER,
          ofTable("users", AuditAction.USER_DELETE, "user"),
          ImportedKind.SERVICE,
          ofTable("instances", AuditAction.SERVICE_DELETE, "service"),
          ImportedKind.MODEL,
          new MadeRows(
              "model_configs",
              "id",
              Optional.empty(),
              VERSION,
              "t.deleted_at is null",
              // Deleted models stay on record, as when somebody deletes them.
              """
              with gone as (
                select id from unnest(cast(:ids as uuid[])) as g (id)),
              targets as (delete from model_targets t using gone where t.model_id = gone.id)
              update model_configs t
              set instance_id = null, api_standard = null, is_default = false,
                deleted_at = clock_timestamp(), version = t.version + 1,
                deleted_by = (select id from users where handle = '_system')
              from gone
              where t.id = gone.id and t.deleted_at is null
              """,
              AuditAction.MODEL_DELETE,
              "model"),
          ImportedKind.USER_KEY,
          new MadeRows(
              "user_keys",
              "instance_id",
              Optional.of("user_id"),
              "cast(extract(epoch from t.set_at) * 1000000 as bigint)",
              ALWAYS,
              """
              delete from user_keys t
              using unnest(cast(:ids as uuid[]), cast(:with as uuid[])) as g (id, with_id)
              where t.instance_id = g.id and t.user_id = g.with_id
              """,
              AuditAction.USER_KEY_DELETE,
              "user_key"));

  /**
   * Tables of which a row about a thing does not mean that somebody uses it: nodes and readers of
   * bills write them.
   */
  static final Set<String> NOTES =
      Set.of(
          "model_lists",
          "rejected_keys",
          "naming_keys",
          "bill_invoices",
          "bill_days",
          "bill_runs",
          "bill_months",
          "webhook_messages");

  private static MadeRows ofTable(String table, AuditAction removed, String targetType) {
    return new MadeRows(
        table,
        "id",
        Optional.empty(),
        VERSION,
        ALWAYS,
        "delete from %s t using unnest(cast(:ids as uuid[])) as g (id) where t.id = g.id"
            .formatted(table),
        removed,
        targetType);
  }
}
