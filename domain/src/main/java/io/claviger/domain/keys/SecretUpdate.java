package io.claviger.domain.keys;

/**
 * What a write does to the secrets of an instance, in the few facts that decide whether it may.
 *
 * @param keyless the placement is {@code none} after the write
 * @param destinationMoves the destination after the write is another one than before
 * @param keyStored a key is stored before the write
 * @param headersStored header values are stored before the write
 * @param key what the write does with the key
 * @param headers what it does with the header values
 * @param destinationKnown the caller knows where the secret will go: they name the endpoint in the
 *     same request, set the one that stands, or take it from a definition of their own or of {@code
 *     _system} that the request names
 */
public record SecretUpdate(
    boolean keyless,
    boolean destinationMoves,
    boolean keyStored,
    boolean headersStored,
    SecretAction key,
    SecretAction headers,
    boolean destinationKnown) {

  /** What becomes of a secret. */
  public enum SecretAction {
    KEEP,
    CLEAR,
    REPLACE
  }

  /** Whether a deposit is in order, and if not, why. */
  public enum Ruling {
    FINE,
    /** A service without a key can't be given one. */
    TAKES_NO_KEY,
    /** What is stored is sealed to the old destination: bring it anew or clear it. */
    KEY_BOUND_TO_DESTINATION,
    /** Name the endpoint that the secret is for. */
    DESTINATION_REQUIRED
  }

  public Ruling judge() {
    boolean keyStays = keyStored && key == SecretAction.KEEP;
    boolean headersStay = headersStored && headers == SecretAction.KEEP;
    if (destinationMoves && (keyStays || headersStay)) {
      return Ruling.KEY_BOUND_TO_DESTINATION;
    }
    if (keyless && (key == SecretAction.REPLACE || keyStays)) {
      return Ruling.TAKES_NO_KEY;
    }
    boolean brings = key == SecretAction.REPLACE || headers == SecretAction.REPLACE;
    return brings && !destinationKnown ? Ruling.DESTINATION_REQUIRED : Ruling.FINE;
  }
}
