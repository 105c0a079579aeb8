package io.claviger.web.json;

import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/**
 * Describes the JSON of a resource: its members, their order, and the members that no write can
 * change.
 *
 * @param <R> the type of the resource
 */
public final class ResourceJson<R> {
  private final List<Member<R>> members = new ArrayList<>();
  private final List<String> readOnly = new ArrayList<>();

  /**
   * A member.
   *
   * @param isShown whether the answer for this resource has the member at all
   * @param value a function that returns the value of the member; null or an empty {@link Optional}
   *     is written as JSON null
   */
  private record Member<R>(
      String name, Function<R, Boolean> isShown, Function<R, @Nullable Object> value) {}

  /**
   * Adds a member that no write can change. If a write contains the member, the value in the write
   * must be the present value.
   */
  public ResourceJson<R> readOnly(String name, Function<R, @Nullable Object> value) {
    readOnly.add(name);
    return writable(name, value);
  }

  /** Adds a member that a write can change, and that is not a scalar field. */
  public ResourceJson<R> writable(String name, Function<R, @Nullable Object> value) {
    members.add(new Member<>(name, resource -> true, value));
    return this;
  }

  /**
   * Adds a member that is left out for callers who must not know its value.
   *
   * @param known the value; empty if the caller must not know it
   */
  public <K> ResourceJson<R> whereKnown(
      String name, Function<R, Optional<K>> known, Function<K, @Nullable Object> value) {
    members.add(
        new Member<>(
            name,
            resource -> known.apply(resource).isPresent(),
            resource -> value.apply(known.apply(resource).orElseThrow())));
    return this;
  }

  public ResourceJson<R> field(ScalarField<?> field, Function<R, FieldValues> values) {
    return writable(
        field.name(),
        resource ->
            values
                .apply(resource)
                .plain(field)
                .map(
                    value ->
                        field.form() instanceof ScalarForm.Tree
                            ? new RawValue(value.toString())
                            : value));
  }

  /**
   * Adds a resource's version, and the times when it was created and updated. A write may contain
   * these members with any values.
   */
  public ResourceJson<R> versioned(
      ToLongFunction<R> version, Function<R, Instant> createdAt, Function<R, Instant> updatedAt) {
    return writable("version", version::applyAsLong)
        .writable("created_at", createdAt::apply)
        .writable("updated_at", updatedAt::apply);
  }

  /** Returns the names of the members that no write can change. */
  public List<String> readOnly() {
    return List.copyOf(readOnly);
  }

  /** Returns the members of a resource with their values, as the API shows them. */
  public Map<String, @Nullable Object> of(R resource) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    for (Member<R> member : members) {
      if (member.isShown.apply(resource)) {
        shown.put(member.name, plain(member.value.apply(resource)));
      }
    }
    return shown;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return value instanceof Optional<?> optional ? plain(optional.orElse(null)) : value;
  }
}
