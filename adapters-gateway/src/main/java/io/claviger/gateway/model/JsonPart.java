package io.claviger.gateway.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one thing of a body in JSON. All parts of a {@link CallReading} share its scanner, so that
 * a body is scanned once however much depends on it.
 */
abstract class JsonPart implements BodyPart, JsonEvents {
  private @Nullable JsonScanner scanner;

  final void begin(JsonScanner of) {
    scanner = of;
  }

  @Override
  public final void join(CallReading reading) {
    if (!isOver()) {
      reading.add(this);
    }
  }

  /** As {@link JsonScanner#position}. */
  final long position() {
    return Objects.requireNonNull(scanner).position();
  }

  /** The number of characters of a name or string that are read at most. */
  int longest() {
    return ScannedText.LONGEST;
  }

  /** Whether nothing in the body can matter. */
  boolean isOver() {
    return false;
  }

  /**
   * The body turned out not to be JSON. No method is called after this.
   *
   * @throws io.claviger.gateway.errors.CallRefused when that can't be sent
   */
  abstract void malformed();

  /**
   * The body is complete.
   *
   * @throws io.claviger.gateway.errors.CallRefused when it can't be sent
   */
  void complete() {}
}
