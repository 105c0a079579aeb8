package io.claviger.domain.requests;

/** What somebody does with a request. */
public enum RequestAction {
  SEE,
  GRANT,
  DECLINE,
  WITHDRAW
}
