package io.claviger.wiring;

/**
 * The access tokens that a node accepts.
 *
 * @param importedAccepted whether the gateway accepts access tokens that another system issued
 */
public record TokenOptions(boolean importedAccepted) {
  /** All valid access tokens are accepted. */
  public static final TokenOptions ALL = new TokenOptions(true);
}
