package io.claviger.domain.spending;

import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.usage.UsageModel;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a body asks for. How much that is depends on the provider that gets the body, because not
 * every provider obeys each cap that a body may state.
 */
@FunctionalInterface
public interface BodyUse {
  /** A body that was not read, or that can't be read. */
  BodyUse UNREAD = (caps, exact) -> Optional.empty();

  /**
   * Returns what the body asks a provider for.
   *
   * @param caps the caps that the provider obeys
   * @param exact whether the body counts as unreadable if it states different maxima of output.
   *     Otherwise the largest one counts
   * @return empty if the body can't be read
   */
  Optional<RequestedUse> at(ObeyedCaps caps, boolean exact);

  /** The model that the body names, which does not depend on the provider; unknown if none. */
  default UsageModel model() {
    return at(ObeyedCaps.LEAST, false).map(RequestedUse::model).orElse(UsageModel.UNKNOWN);
  }

  /** A body that asks every provider for the same. */
  static BodyUse of(RequestedUse use) {
    Optional<RequestedUse> same = Optional.of(use);
    return (caps, exact) -> same;
  }

  /** Returns the use of the same body, changed. */
  default BodyUse map(UnaryOperator<RequestedUse> change) {
    return (caps, exact) -> at(caps, exact).map(change);
  }
}
