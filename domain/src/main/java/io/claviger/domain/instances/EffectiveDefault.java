package io.claviger.domain.instances;

import java.util.Optional;

/** Which of two choices is a user's default service, their own or the system's. */
public record EffectiveDefault(InstanceRef service, Source source) {
  /** Whose choice it is. */
  public enum Source {
    OWN,
    SYSTEM
  }

  /**
   * A service that was chosen.
   *
   * @param enabled it is
   * @param usable the user may use it
   */
  public record Choice(InstanceRef service, boolean enabled, boolean usable) {
    private boolean holds() {
      return enabled && usable;
    }
  }

  /** One's own choice while it is enabled and usable, else the system's while it is enabled. */
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
