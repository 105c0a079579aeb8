package io.claviger.domain.instances;

import java.util.Optional;

/** The service that is a user's default: either the user's own choice or the system's choice. */
public record EffectiveDefault(Instance.Ref service, Source source) {
  /** Who chose the default service. */
  public enum Source {
    OWN,
    SYSTEM
  }

  /**
   * A service that somebody chose as the default.
   *
   * @param enabled whether the service is enabled
   * @param usable whether the user may use the service
   */
  public record Choice(Instance.Ref service, boolean enabled, boolean usable) {
    private boolean holds() {
      return enabled && usable;
    }
  }

  /**
   * Returns the user's own choice if it is enabled and usable; otherwise the system's choice if
   * that is enabled and usable; otherwise empty.
   */
  public static Optional<EffectiveDefault> of(Optional<Choice> own, Optional<Choice> system) {
    return own.filter(Choice::holds)
        .map(c -> new EffectiveDefault(c.service(), Source.OWN))
        .or(
            () ->
                system
                    .filter(Choice::holds)
                    .map(c -> new EffectiveDefault(c.service(), Source.SYSTEM)));
  }
}
