package io.claviger.bootstrap.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The TLS files of both listeners.
 *
 * @param certificate the PEM file with the node's certificate and its intermediate certificates
 * @param key the PEM file with the certificate's private key
 * @param clientAuthorities the PEM file with the authorities for callers' certificates. If present,
 *     every caller needs a certificate from one of these authorities; if empty, callers need no
 *     certificate
 */
public record TlsSettings(Path certificate, Path key, Optional<Path> clientAuthorities) {
  static final String CERTIFICATE = "CLAVIGER_TLS_CERT";
  static final String KEY = "CLAVIGER_TLS_KEY";
  static final String CLIENT_AUTHORITIES = "CLAVIGER_TLS_CLIENT_CA";

  static Optional<TlsSettings> read(Environment environment) {
    Optional<Path> certificate = file(environment, CERTIFICATE);
    Optional<Path> key = file(environment, KEY);
    key.ifPresent(path -> environment.readFrom(KEY, path));
    Optional<Path> authorities = file(environment, CLIENT_AUTHORITIES);
    if (certificate.isPresent() != key.isPresent()) {
      environment.fault(
          certificate.isPresent() ? KEY : CERTIFICATE,
          "is needed with " + (certificate.isPresent() ? CERTIFICATE : KEY));
    } else if (authorities.isPresent() && certificate.isEmpty()) {
      environment.fault(CLIENT_AUTHORITIES, "needs " + CERTIFICATE + " and " + KEY);
    }
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new TlsSettings(certificate.get(), key.get(), authorities))
        : Optional.empty();
  }

  private static Optional<Path> file(Environment environment, String name) {
    return environment
        .text(name)
        .flatMap(
            text -> {
              try {
                return Optional.of(Path.of(text));
              } catch (InvalidPathException e) {
                environment.fault(name, "must be the path of a file");
                return Optional.empty();
              }
            });
  }
}
