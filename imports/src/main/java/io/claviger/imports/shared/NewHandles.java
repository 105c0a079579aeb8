package io.claviger.imports.shared;

import io.claviger.domain.Sha256;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Gives handles to things whose names in the source are not handles of Claviger. A name becomes a
 * handle only if nothing but the case of its letters has to be changed: otherwise two names could
 * become the same handle. Any other thing gets a handle that is made from its id.
 */
public final class NewHandles {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  private final Map<String, Handle> renames;
  private final Set<Handle> taken;
  private final Set<Handle> given = new HashSet<>();
  private final Set<String> used = new HashSet<>();

  /**
   * @param renames the handles that the operator chose, by the names or ids in the source
   * @param taken the handles that others have in Claviger, and that are never given to imported
   *     things
   */
  public NewHandles(Map<String, Handle> renames, Set<Handle> taken) {
    this.renames = Map.copyOf(renames);
    this.taken = Set.copyOf(taken);
  }

  /** The handle that a thing gets, or a handle that it can't get because another has it. */
  public sealed interface Choice {
    record Gets(Handle handle) implements Choice {}

    record Taken() implements Choice {}
  }

  /**
   * Chooses a handle. If a user or group in Claviger already has the handle, the thing gets none:
   * the operator has to decide. If another thing of the same source already has the handle, a
   * handle is made from the id instead.
   *
   * @param prefix the text that is put before the id, such as {@code u-}
   * @param name the name of the thing in the source
   */
  public Choice choose(String prefix, String id, Optional<String> name) {
    Optional<Handle> chosen =
        renamed(id).or(() -> name.flatMap(this::renamed)).filter(h -> !h.isSystem());
    if (chosen.isPresent()) {
      return offer(chosen.get());
    }
    Optional<Handle> called =
        Optional.of(id)
            .filter(text -> !UUID.matcher(text).matches())
            .flatMap(HandleNormalizer::exact)
            .or(() -> name.flatMap(HandleNormalizer::exact))
            .filter(handle -> !given.contains(handle));
    return called.isPresent() ? offer(called.get()) : offer(new Handle(prefix + eight(id)));
  }

  private Optional<Handle> renamed(String name) {
    Optional<Handle> chosen = Optional.ofNullable(renames.get(name));
    chosen.ifPresent(h -> used.add(name));
    return chosen;
  }

  private Choice offer(Handle handle) {
    return taken.contains(handle) || !given.add(handle)
        ? new Choice.Taken()
        : new Choice.Gets(handle);
  }

  /**
   * Returns the first eight characters of the id if the id is a UUID; if it is not, returns the
   * first eight characters of the SHA-256 of the id.
   */
  private static String eight(String id) {
    if (UUID.matcher(id).matches()) {
      return id.substring(0, 8).toLowerCase(Locale.ROOT);
    }
    return Sha256.hex(id).substring(0, 8);
  }

  /** Returns those names in {@code renames} that a thing in the source has. */
  public Set<String> used() {
    return Set.copyOf(used);
  }
}
