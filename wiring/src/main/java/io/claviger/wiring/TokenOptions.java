package io.claviger.wiring;

/**
 * Which access tokens a node accepts.
 *
 * @param importedAccepted whether the gateway accepts tokens that another system issued
 */
public record TokenOptions(boolean importedAccepted) {
  /** All valid access tokens are accepted. */
  public static final TokenOptions ALL = new TokenOptions(true);
}
