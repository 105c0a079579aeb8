package io.claviger.sdks;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A test case for an SDK. Each case has a service of its own. */
enum SdkCase {
  EMBEDS("embed"),
  CHATS("chat"),
  STREAMS("stream"),
  LISTS_MODELS("models"),
  /** At a node that speaks TLS itself. */
  CHATS_OVER_TLS("chat"),
  BAD_TOKEN("chat"),
  NO_ROLE("chat"),
  DISABLED("chat"),
  NO_KEY("chat"),
  NOT_LENT("unlent"),
  KEY_REJECTED("chat"),
  PROVIDER_DOWN("chat"),
  PROVIDER_THROTTLES("chat"),
  /** Two calls, of which one may be made. */
  RATE_LIMITED("chat"),
  /**
   * Two calls, of which a budget allows one. The SDK has its default settings, so it may try again.
   */
  BUDGET_EXHAUSTED("chat"),
  STREAM_BREAKS("stream");

  /** The seconds that the throttling provider sends in Retry-After. */
  static final int RETRY_AFTER_SECONDS = 2;

  private final String call;

  SdkCase(String call) {
    this.call = call;
  }

  static Set<SdkCase> all() {
    return EnumSet.allOf(SdkCase.class);
  }

  static Set<SdkCase> withoutEmbeddings() {
    return EnumSet.complementOf(EnumSet.of(EMBEDS));
  }

  /** The call by the name that all SDKs' files give it. */
  String call() {
    return call;
  }

  int times() {
    return this == RATE_LIMITED || this == BUDGET_EXHAUSTED ? 2 : 1;
  }

  /**
   * Whether the SDK may try again. Cases with a limit per minute are not repeated, because waiting
   * would take a minute.
   */
  boolean retries() {
    return this != RATE_LIMITED;
  }

  String model(Sdk sdk) {
    return switch (this) {
      case KEY_REJECTED -> sdk.rejecting();
      case PROVIDER_THROTTLES -> "stub-status-429-retry-after-" + RETRY_AFTER_SECONDS;
      case STREAM_BREAKS -> "stub-close-mid-stream";
      default -> "parrot-large";
    };
  }

  /** Returns the case's name as a part of handles. */
  String handle() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
