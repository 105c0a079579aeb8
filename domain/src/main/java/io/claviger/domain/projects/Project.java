package io.claviger.domain.projects;

import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWords;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm.Text;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.StorageLimits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The use of one instance under the name of the project. The project's handle stays the same when
 * the project is bound to another instance.
 *
 * @param values a map with the values of the fields in {@link #FIELDS}
 * @param instance the instance of the project; empty if the project is not bound to an instance
 * @param limits a set of limits for each person who calls through the project, including its
 *     members and its owner; never limits of storage
 * @param version a number that increases with each stored change
 */
public record Project(
    Id id,
    User.Id owner,
    Ref ref,
    FieldValues values,
    Optional<Instance.Id> instance,
    Limits limits,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  public static final ScalarField<Visibility> VISIBILITY =
      ScalarField.withDefault(
          "visibility",
          new Text<>(Visibility::of, Visibility::wireName),
          Visibility.MEMBERS,
          FieldWords.choice(
              "Visibility",
              "members: only members may call through the project; everybody: every user may",
              Visibility.values()));

  /** The scalar fields that can be written. */
  public static final List<ScalarField<?>> FIELDS =
      List.of(CommonFields.DESCRIPTION, CommonFields.METADATA, VISIBILITY, CommonFields.APPLIED_BY);

  /**
   * @throws IllegalArgumentException when a required field has no value, or when the limits contain
   *     limits of storage
   */
  public Project {
    if (!limits.storage().equals(StorageLimits.NONE)) {
      throw new IllegalArgumentException("a project can't limit storage");
    }
    values.requireComplete(FIELDS);
  }

  public Description description() {
    return values.require(CommonFields.DESCRIPTION);
  }

  public boolean isOpen() {
    return values.require(VISIBILITY) == Visibility.EVERYBODY;
  }

  public Project with(FieldValues newValues, Optional<Instance.Id> newInstance, Instant now) {
    return new Project(id, owner, ref, newValues, newInstance, limits, version + 1, createdAt, now);
  }

  /** Returns this project, but with the given limits. */
  public Project with(Limits others) {
    return new Project(id, owner, ref, values, instance, others, version, createdAt, updatedAt);
  }

  /** Identifies a project permanently. */
  public record Id(UUID value) {}

  /** The name {@code owner/handle} of a project. */
  public record Ref(Handle owner, Handle handle) {
    public Ref {
      handle.demandUnreserved();
    }

    public static Ref of(String text) {
      return Handle.ofOwned(text, "project", Ref::new);
    }

    @Override
    public String toString() {
      return owner + "/" + handle;
    }
  }
}
