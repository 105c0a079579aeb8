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
 * Gives handles to things whose names in the source are not valid handles in Claviger. A name
 * becomes a handle only if nothing but the case of its letters has to change, because two names
 * could otherwise become the same handle. All other things get a handle made from their id.
 */
public final class NewHandles {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  private final Map<String, Handle> renames;
  private final Set<Handle> given = new HashSet<>();
  private final Set<String> used = new HashSet<>();

  /**
   * @param renames the operator's handles, keyed by names or ids in the source
   */
  public NewHandles(Map<String, Handle> renames) {
    this.renames = Map.copyOf(renames);
  }

  /**
   * Chooses a handle. If another thing of the same source already has the handle that its name
   * becomes, the thing gets a handle made from its id. A later check finds out whether a user or
   * group in Claviger has the handle.
   *
   * @param prefix the text before the id, such as {@code u-}
   * @param name the thing's name in the source
   * @return the handle; empty if another thing of the source already has it
   */
  public Optional<Handle> choose(String prefix, String id, Optional<String> name) {
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

  private Optional<Handle> offer(Handle handle) {
    return given.add(handle) ? Optional.of(handle) : Optional.empty();
  }

  /** Returns the first eight characters of the id if it is a UUID, and otherwise of its SHA-256. */
  private static String eight(String id) {
    if (UUID.matcher(id).matches()) {
      return id.substring(0, 8).toLowerCase(Locale.ROOT);
    }
    return Sha256.hex(id).substring(0, 8);
  }

  /** Returns the names in {@code renames} that things in the source have. */
  public Set<String> used() {
    return Set.copyOf(used);
  }
}
