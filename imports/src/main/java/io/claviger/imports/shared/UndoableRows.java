package io.claviger.imports.shared;

import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.budgets.BudgetHolder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The rows of things of one kind whose import can be undone. Undoing an import removes its things
 * of that kind.
 *
 * @param id the column with the thing's id
 * @param referred the column to which other tables refer
 * @param with the column with the second id of each thing; empty if things of the kind have only
 *     one id
 * @param version an expression whose value changes whenever somebody changes the row
 * @param isPresent the condition under which row {@code t} counts as existing
 * @param removal the statement that removes the rows in {@code gone}
 */
record UndoableRows(
    String table,
    String id,
    String referred,
    Optional<String> with,
    String version,
    String isPresent,
    String removal,
    AuditAction removed,
    String targetType) {

  private static final String VERSION = "t.version";

  /**
   * The time of the share's creation, and its version. If a share was given before first versions
   * were times, a share that was removed and given again can have the same version, but has another
   * time.
   */
  private static final String GIVING =
      "(cast(extract(epoch from t.created_at) * 1000000 as bigint) * 1000 + t.version)";

  private static final String ALWAYS = "true";

  private static final Map<ImportedKind, UndoableRows> BY_KIND =
      Map.ofEntries(
          Map.entry(ImportedKind.USER, ofTable("users", AuditAction.USER_DELETE, "user")),
          Map.entry(
              ImportedKind.SERVICE_ACCOUNT, ofTable("users", AuditAction.USER_DELETE, "user")),
          Map.entry(
              ImportedKind.SERVICE, ofTable("instances", AuditAction.SERVICE_DELETE, "service")),
          Map.entry(
              ImportedKind.KEY,
              ofPart(
                  "instances",
                  "api_key_sealed",
                  "api_key_sealed = null, api_key_set_at = null, account = account + 1",
                  ImportedKind.SERVICE,
                  AuditAction.SERVICE_KEY_CLEAR)),
          Map.entry(
              ImportedKind.STANDARD,
              new UndoableRows(
                  "api_standards",
                  "id",
                  "handle",
                  Optional.empty(),
                  VERSION,
                  ALWAYS,
                  removalFrom("api_standards"),
                  AuditAction.STANDARD_DELETE,
                  "standard")),
          Map.entry(
              ImportedKind.DEFINITION,
              ofTable("definitions", AuditAction.DEFINITION_DELETE, "definition")),
          Map.entry(
              ImportedKind.DEFINITION_SHARE,
              ofPair(
                  "definition_shares",
                  "definition_id",
                  "grantee_id",
                  GIVING,
                  AuditAction.DEFINITION_UNSHARE,
                  "definition")),
          Map.entry(
              ImportedKind.PROJECT, ofTable("projects", AuditAction.PROJECT_DELETE, "project")),
          Map.entry(
              ImportedKind.LINK,
              ofPart(
                  "projects",
                  "instance_id",
                  "instance_id = null",
                  ImportedKind.PROJECT,
                  AuditAction.PROJECT_UPDATE)),
          Map.entry(
              ImportedKind.MEMBER,
              ofPair(
                  "project_shares",
                  "project_id",
                  "grantee_id",
                  GIVING,
                  AuditAction.PROJECT_UNSHARE,
                  "project")),
          Map.entry(ImportedKind.GROUP, ofTable("groups", AuditAction.GROUP_DELETE, "group")),
          Map.entry(
              ImportedKind.GROUP_MEMBER,
              ofPair(
                  "group_members",
                  "group_id",
                  "user_id",
                  // Others can change the role, or replace the membership by another membership.
                  "(case t.role when 'manager' then 1 else 0 end"
                      + " + cast(extract(epoch from t.created_at) * 1000000 as bigint) * 2)",
                  AuditAction.GROUP_MEMBER_REMOVE,
                  "group")),
          Map.entry(
              ImportedKind.SHARE,
              ofPair(
                  "shares",
                  "instance_id",
                  "grantee_id",
                  // When a co-owner's own share ends, the shares that this co-owner gave end too.
                  """
                  (case when exists (
                    select from shares v
                    where v.instance_id = t.instance_id and v.given_via = t.grantee_id)
                  then -1 else %s end)\
                  """
                      .formatted(GIVING),
                  AuditAction.SERVICE_UNSHARE,
                  "service")),
          Map.entry(
              ImportedKind.LIMITS,
              ofPair(
                  "user_limits", "user_id", "user_id", VERSION, AuditAction.USER_UPDATE, "user")),
          Map.entry(
              ImportedKind.GROUP_LIMITS,
              new UndoableRows(
                  "group_limits",
                  "group_id",
                  Optional.of("group_id"),
                  VERSION,
                  "t.pooled",
                  """
                  delete from group_limits t
                  using unnest(cast(:ids as uuid[]), cast(:with as uuid[])) as g (id, with_id)
                  where t.group_id = g.id and t.group_id = g.with_id and t.pooled
                  """,
                  AuditAction.GROUP_UPDATE,
                  "group")),
          Map.entry(
              ImportedKind.USAGE,
              new UndoableRows(
                  // Lines of usage have no id. The journal says which days of which users were
                  // imported.
                  "arrivals",
                  "object_id",
                  Optional.of("with_id"),
                  "cast(1 as bigint)",
                  "t.kind = 'usage'",
                  UsageRows.REMOVAL,
                  AuditAction.USAGE_DELETE,
                  "usage")),
          Map.entry(
              ImportedKind.TOKEN,
              new UndoableRows(
                  "access_tokens",
                  "id",
                  Optional.of("user_id"),
                  // The only part of a token's row that can change is its last use, which must not
                  // count as a change by a user.
                  "cast(1 as bigint)",
                  ALWAYS,
                  pairRemoval("access_tokens", "id", "user_id"),
                  AuditAction.TOKEN_DELETE,
                  "user")),
          Map.entry(
              ImportedKind.MODEL,
              new UndoableRows(
                  "model_configs",
                  "id",
                  Optional.empty(),
                  VERSION,
                  "t.deleted_at is null",
                  // The removed models stay on record, like models that somebody deletes.
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
                  "model")),
          Map.entry(
              ImportedKind.USER_KEY,
              new UndoableRows(
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
                  "user_key")));

  /**
   * The tables to which nodes and the readers of bills write. A reference from one of these tables
   * does not mean that somebody uses the thing.
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

  /**
   * The kinds of parts, each with the kind of its whole thing. A part has no row or version of its
   * own, but the row and version of its whole thing.
   */
  static final Map<ImportedKind, ImportedKind> WHOLES =
      Map.of(ImportedKind.KEY, ImportedKind.SERVICE, ImportedKind.LINK, ImportedKind.PROJECT);

  private UndoableRows(
      String table,
      String id,
      Optional<String> with,
      String version,
      String isPresent,
      String removal,
      AuditAction removed,
      String targetType) {
    this(table, id, id, with, version, isPresent, removal, removed, targetType);
  }

  /**
   * A part exists if a certain column in the whole thing's row has a value. Removing the part
   * counts as a change by the import itself, so that the whole thing can be removed afterwards.
   */
  private static UndoableRows ofPart(
      String table, String column, String emptied, ImportedKind whole, AuditAction removed) {
    return new UndoableRows(
        table,
        "id",
        Optional.empty(),
        VERSION,
        "t." + column + " is not null",
        """
        with moved as (
          update arrivals a set version = t.version + 1
          from %1$s t
          where t.id = any(cast(:ids as uuid[])) and a.kind = '%3$s' and a.object_id = t.id
            and a.version = t.version)
        update %1$s t set %2$s, version = t.version + 1, updated_at = clock_timestamp()
        from unnest(cast(:ids as uuid[])) as g (id)
        where t.id = g.id
        """
            .formatted(table, emptied, whole.wireName()),
        removed,
        whole.wireName());
  }

  private static UndoableRows ofPair(
      String table, String id, String with, String version, AuditAction removed, String type) {
    return new UndoableRows(
        table, id, Optional.of(with), version, ALWAYS, pairRemoval(table, id, with), removed, type);
  }

  private static String pairRemoval(String table, String id, String with) {
    return """
    delete from %1$s t
    using unnest(cast(:ids as uuid[]), cast(:with as uuid[])) as g (id, with_id)
    where t.%2$s = g.id and t.%3$s = g.with_id
    """
        .formatted(table, id, with);
  }

  /**
   * Returns the holder whose budgets might have been charged when a thing of the given kind was
   * imported.
   */
  static Optional<BudgetHolder> holder(ImportedKind kind, UUID id, Optional<UUID> with) {
    return switch (kind) {
      case TOKEN -> Optional.of(BudgetHolder.token(id));
      case LIMITS -> Optional.of(BudgetHolder.user(id));
      case GROUP_LIMITS -> Optional.of(BudgetHolder.group(id));
      case SHARE -> with.map(group -> BudgetHolder.groupOn(id, group));
      default -> Optional.empty();
    };
  }

  static Map<ImportedKind, UndoableRows> byKind() {
    return BY_KIND;
  }

  /**
   * @throws IllegalStateException for a kind whose import can't be undone
   */
  static UndoableRows of(ImportedKind kind) {
    return Optional.ofNullable(BY_KIND.get(kind))
        .orElseThrow(() -> new IllegalStateException("imports of " + kind + " can't be undone"));
  }

  private static UndoableRows ofTable(String table, AuditAction removed, String targetType) {
    return new UndoableRows(
        table, "id", Optional.empty(), VERSION, ALWAYS, removalFrom(table), removed, targetType);
  }

  private static String removalFrom(String table) {
    return "delete from %s t using unnest(cast(:ids as uuid[])) as g (id) where t.id = g.id"
        .formatted(table);
  }
}
