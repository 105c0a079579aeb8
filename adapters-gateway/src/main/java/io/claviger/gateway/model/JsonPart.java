package io.claviger.gateway.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one thing in a JSON body. All parts of a {@link CallReading} share its scanner, so that
 * a body is scanned once, however many parts there are.
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

  final long position() {
    return scanner().position();
  }

  final JsonScanner scanner() {
    return Objects.requireNonNull(scanner);
  }

  /** Returns the position of the opening quote of the name or string that is being read. */
  final long begun() {
    return scanner().begun();
  }

  /** Returns how many characters of a name or string are read at most. */
  int longest() {
    return ScannedText.LONGEST;
  }

  /** Whether the rest of the body can't matter any more. */
  boolean isOver() {
    return false;
  }

  /**
   * The body is not JSON. No method is called after this.
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
