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
 * Gives handles to things that have other kinds of names in the source. Only the case of letters is
 * folded, because two names could otherwise lead to one handle. A thing whose name can't become a
 * handle this way gets a handle made from its id.
 */
public final class NewHandles {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  private final Map<String, Handle> renames;
  private final Set<Handle> taken;
  private final Set<Handle> given = new HashSet<>();
  private final Set<String> used = new HashSet<>();

  /**
   * @param renames the handles that the operator chose, by a name or an id in the source
   * @param taken handles of others in Claviger, which are never given
   */
  public NewHandles(Map<String, Handle> renames, Set<Handle> taken) {
    this.renames = Map.copyOf(renames);
    this.taken = Set.copyOf(taken);
  }

  /** A handle, or nothing because the handle is taken. */
  public sealed interface Choice {
    /**
     * @param changed whether it differs from the name
     */
    record Gets(Handle handle, boolean changed) implements Choice {}

    record Taken(Handle handle) implements Choice {}
  }

  /**
   * Chooses a handle. If a name is taken in Claviger, no other one is chosen: the operator decides.
   * If something else of the same source has the name already, another handle is made.
   *
   * @param prefix stands before the id, such as {@code u-}
   * @param name its name in the source
   */
  public Choice choose(String prefix, String id, Optional<String> name) {
    Optional<Handle> chosen =
        renamed(id).or(() -> name.flatMap(this::renamed)).filter(h -> !h.isSystem());
    if (chosen.isPresent()) {
      return offer(chosen.get(), true);
    }
    Optional<Handle> called =
        Optional.of(id)
            .filter(text -> !UUID.matcher(text).matches())
            .flatMap(HandleNormalizer::exact)
            .or(() -> name.flatMap(HandleNormalizer::exact))
            .filter(handle -> !given.contains(handle));
    return called.isPresent()
        ? offer(called.get(), !called.get().value().equals(id))
        : offer(new Handle(prefix + eight(id)), true);
  }

  private Optional<Handle> renamed(String name) {
    Optional<Handle> chosen = Optional.ofNullable(renames.get(name));
    chosen.ifPresent(h -> used.add(name));
    return chosen;
  }

  private Choice offer(Handle handle, boolean changed) {
    return taken.contains(handle) || !given.add(handle)
        ? new Choice.Taken(handle)
        : new Choice.Gets(handle, changed);
  }

  /** Eight characters of the id; of its SHA-256 if it does not consist of such characters. */
  private static String eight(String id) {
    if (UUID.matcher(id).matches()) {
      return id.substring(0, 8).toLowerCase(Locale.ROOT);
    }
    return Sha256.hex(id).substring(0, 8);
  }

  /** The names in renames that matched something. */
  public Set<String> used() {
    return Set.copyOf(used);
  }
}
