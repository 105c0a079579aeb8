package io.claviger.domain.requests;

public enum RequestAction {
  SEE,
  GRANT,
  DECLINE,
  WITHDRAW
}
