package io.claviger.domain.groups;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.ScalarField;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A set of users with a handle of its own. A share can be given to all users of a group together.
 *
 * @param fields the values of the fields in {@link #FIELDS}
 * @param source where a synced group comes from; empty if the group is local
 * @param version a number that increases with each stored change
 */
public record Group(
    Id id,
    Handle handle,
    FieldValues fields,
    Optional<GroupSource> source,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /**
   * The fields that can be written. For each of them, there is a database column of the same name.
   */
  public static final List<ScalarField<?>> FIELDS =
      List.of(CommonFields.DISPLAY_NAME, CommonFields.APPLIED_BY);

  /** The greatest number of members of a local group. */
  public static final int MOST_MEMBERS = 10_000;

  /**
   * @throws IllegalArgumentException when a required field has no value
   */
  public Group {
    fields.requireComplete(FIELDS);
  }

  /** Returns the values as texts for the audit trail, keyed by their names in the API. */
  public Map<String, String> texts() {
    return fields.texts(FIELDS);
  }

  public DisplayName displayName() {
    return fields.require(CommonFields.DISPLAY_NAME);
  }

  /**
   * Returns the name of the file from which the group was applied; empty if it was not applied from
   * a file.
   */
  public Optional<AppliedBy> appliedBy() {
    return fields.get(CommonFields.APPLIED_BY);
  }

  public GroupKind kind() {
    return source.isPresent() ? GroupKind.SYNCED : GroupKind.LOCAL;
  }

  /** Returns a copy with other values and the next version. */
  public Group with(FieldValues others, Instant now) {
    return new Group(id, handle, others, source, version + 1, createdAt, now);
  }

  /** Identifies a group permanently. A later group with the same handle has a different id. */
  public record Id(UUID value) implements GranteeId {}
}
