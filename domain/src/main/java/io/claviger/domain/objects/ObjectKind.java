package io.claviger.domain.objects;

import io.claviger.domain.WireNamed;
import java.util.Locale;
import java.util.Optional;

/** The kinds of provider objects. */
public enum ObjectKind implements WireNamed {
  /** Files, and uploads that become files. */
  FILES(true),
  BATCHES(true),
  /** Stored responses and stored chat completions. */
  RESPONSES(true),
  CONVERSATIONS(true),
  VECTOR_STORES(true),
  /** Machines on which the provider runs tools. */
  CONTAINERS(true),
  /** Content that the provider caches so that prompts can refer to it. */
  CACHES(true),
  /** Prompts that the owner stored in the provider's account. */
  PROMPTS(false),
  /**
   * Everything else in the provider's account to which a request can refer: connectors, datasets,
   * guardrails, skills, tuned models.
   */
  OTHER(false);

  private final boolean lendable;
  private final String wireName = name().toLowerCase(Locale.ROOT);

  ObjectKind(boolean lendable) {
    this.lendable = lendable;
  }

  /** Whether a service can let its borrowers create and store objects of this kind. */
  public boolean isLendable() {
    return lendable;
  }

  /** Finds the kind with the given name; empty if there is none. */
  public static Optional<ObjectKind> named(String wireName) {
    return WireNamed.find(values(), wireName);
  }

  /** Returns the name that is stored and shown, such as {@code vector_stores}. */
  @Override
  public String wireName() {
    return wireName;
  }
}
