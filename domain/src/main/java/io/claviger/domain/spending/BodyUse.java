package io.claviger.domain.spending;

import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.usage.UsageModel;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The use that a request's body asks for. The use depends on the provider, because not every
 * provider obeys all caps, such as output maxima, that a body can state.
 */
@FunctionalInterface
public interface BodyUse {
  /** Stands for a body whose use is unknown: it was not read, or it can't be read. */
  BodyUse UNREAD = (caps, exact) -> Optional.empty();

  /**
   * Returns the use that the body requests from a provider.
   *
   * @param caps the caps that the provider obeys
   * @param exact whether a body that states different output maxima is treated as unreadable; if
   *     false, the largest of these maxima is used
   * @return empty if the body can't be read
   */
  Optional<RequestedUse> at(ObeyedCaps caps, boolean exact);

  /** The model that the body names, for any provider; unknown if the body names no model. */
  default UsageModel model() {
    return at(ObeyedCaps.LEAST, false).map(RequestedUse::model).orElse(UsageModel.UNKNOWN);
  }

  /**
   * Returns what this body requests if the provider knows the requested model by the given name.
   * What a body requests can depend on the model. For example, some models search the web without
   * being asked.
   */
  default BodyUse named(String model) {
    UsageModel called = UsageModel.called(model);
    return map(use -> use.of(called));
  }

  /** The ids of the containers that are named by the request's tools. */
  default Set<String> containers() {
    return Set.of();
  }

  /** Creates a {@code BodyUse} that is the same for every provider. */
  static BodyUse of(RequestedUse use) {
    Optional<RequestedUse> same = Optional.of(use);
    return (caps, exact) -> same;
  }

  /**
   * Returns a {@code BodyUse} that, for any provider, returns what this {@code BodyUse} returns,
   * after applying the given change.
   */
  default BodyUse map(UnaryOperator<RequestedUse> change) {
    return (caps, exact) -> at(caps, exact).map(change);
  }
}
