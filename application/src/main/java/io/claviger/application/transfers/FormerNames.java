package io.claviger.application.transfers;

import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.Instance;
import java.util.Optional;

/** Replaces services' former references in model names. */
final class FormerNames {
  private final MovedReferences moved;

  FormerNames(MovedReferences moved) {
    this.moved = moved;
  }

  /**
   * If a name begins with a former reference, returns the name with the present reference instead;
   * otherwise empty.
   */
  Optional<String> presentName(String name) {
    int owner = name.indexOf('/');
    int handle = owner < 0 ? -1 : name.indexOf('/', owner + 1);
    int end = handle < 0 ? name.length() : handle;
    return reference(name.substring(0, end))
        .flatMap(moved::serviceThatWas)
        .map(ref -> ref + name.substring(end));
  }

  private static Optional<Instance.Ref> reference(String text) {
    try {
      return Optional.of(Instance.Ref.of(text));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }
}
