package io.claviger.imports.shared;

import io.claviger.domain.accounts.Handle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which users and groups of Claviger correspond to which people and groups in the source. Only the
 * operator can state this. The import can't find this out by itself: people can write any e-mail
 * address into their profile, and a group in the source can have any name.
 */
public final class HandleMapping {
  private static final String GROUP = "@";

  private final Map<String, Handle> users = new HashMap<>();
  private final Map<String, Handle> groups = new HashMap<>();
  private final Set<String> unused = new TreeSet<>();

  /**
   * @param handles the handles in Claviger, keyed by names or ids in the source; groups' handles
   *     begin with {@code @}
   * @throws io.claviger.domain.InvalidValue if a handle is invalid
   */
  public HandleMapping(Map<String, String> handles) {
    handles.forEach(
        (name, handle) -> {
          Object unusedFormer =
              handle.startsWith(GROUP)
                  ? groups.put(name, new Handle(handle.substring(GROUP.length())))
                  : users.put(name, new Handle(handle));
          boolean unusedAdded = unused.add(name);
        });
  }

  /** Returns an instance without any correspondence. */
  public static HandleMapping nobody() {
    return new HandleMapping(Map.of());
  }

  public Optional<Handle> user(String id, Optional<String> name) {
    return find(users, id, name);
  }

  public Optional<Handle> group(String id, Optional<String> name) {
    return find(groups, id, name);
  }

  private Optional<Handle> find(Map<String, Handle> known, String id, Optional<String> name) {
    Set<String> asked = new HashSet<>(Set.of(id));
    name.ifPresent(asked::add);
    asked.retainAll(known.keySet());
    unused.removeAll(asked);
    return asked.stream()
        .filter(id::equals)
        .findFirst()
        .or(() -> asked.stream().findFirst())
        .map(known::get);
  }

  /**
   * Returns a name that the operator stated, but that nobody in the source has; empty if there is
   * none.
   */
  public Optional<String> unused() {
    return unused.stream().findFirst();
  }
}
