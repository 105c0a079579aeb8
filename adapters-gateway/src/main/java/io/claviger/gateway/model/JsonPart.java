package io.claviger.gateway.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Searches a JSON body for one purpose. All JSON parts of a {@link CallReading} share one scanner,
 * so that the body is scanned only once.
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

  /** Returns the position of the current name's or string's opening quote. */
  final long begun() {
    return scanner().begun();
  }

  /**
   * Returns the maximum number of characters of a name or string that this part of the scan needs.
   */
  int longest() {
    return ScannedText.LONGEST;
  }

  /**
   * Whether this part of the scan no longer needs the rest of the body, for example because it has
   * found what it looks for.
   */
  boolean isOver() {
    return false;
  }

  /**
   * Called as soon as it is certain that the body is not JSON. No method is called afterwards.
   *
   * @throws io.claviger.gateway.errors.CallRefused if this part of the scan requires JSON
   */
  abstract void malformed();

  /**
   * Called when the body is complete.
   *
   * @throws io.claviger.gateway.errors.CallRefused if this part of the scan refuses the complete
   *     body
   */
  void complete() {}
}
