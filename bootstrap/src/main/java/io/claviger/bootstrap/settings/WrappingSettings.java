package io.claviger.bootstrap.settings;

import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.custody.OutsideStatementSigner;
import io.claviger.custody.Pkcs11KeyWrapper;
import io.claviger.custody.RsaStatementSigner;
import io.claviger.custody.TransitKeyWrapper;
import io.claviger.custody.Vault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.KeyUri;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import io.claviger.wiring.KeyUnwrapping;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings for the wrapping keys, which encrypt this node's encryption keys. The wrapping keys
 * are stored outside of Claviger, in a PKCS#11 token or in Vault.
 *
 * @param pin the PIN with which the node logs in to PKCS#11 tokens
 * @param vault the address of Vault or OpenBao: an https URL, or an http URL on this machine
 * @param vaultToken the file with the token for Vault. The file is read again for each call,
 *     because agents replace the token
 * @param vaultAuthorities the PEM certificates of the authorities for Vault's certificate; if
 *     empty, the public authorities apply
 * @param patience the time for which a starting node waits for unreachable wrapping keys
 * @param issuerKey the signing key for statements about services, if this key is also stored
 *     outside of Claviger
 */
public record WrappingSettings(
    Optional<Confidential> pin,
    Optional<URI> vault,
    Optional<Path> vaultToken,
    Optional<Confidential> vaultAuthorities,
    Duration patience,
    Optional<KeyUri> issuerKey) {
  private static final String ADDRESS = "VAULT_ADDR";
  private static final String TOKEN = "VAULT_TOKEN_FILE";
  private static final String ISSUER_KEY = "CLAVIGER_ISSUER_KEY";
  private static final long LONGEST_WAIT = 3_600;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  static WrappingSettings read(Environment environment, SecretVariables secrets) {
    return new WrappingSettings(
        secrets
            .file("CLAVIGER_PKCS11_PIN_FILE")
            .map(content -> Confidential.of(content.stripTrailing())),
        address(environment),
        secrets.file(TOKEN).flatMap(unused -> environment.text(TOKEN)).map(Path::of),
        secrets.authorities("VAULT_CACERT"),
        Duration.ofSeconds(environment.number("CLAVIGER_KEY_WAIT", 0, LONGEST_WAIT, 60)),
        issuerKey(environment));
  }

  private static Optional<KeyUri> issuerKey(Environment environment) {
    try {
      return environment.text(ISSUER_KEY).map(KeyUri::of);
    } catch (InvalidValue e) {
      environment.fault(ISSUER_KEY, "is a URI that " + e.allowed());
      return Optional.empty();
    }
  }

  private static Optional<URI> address(Environment environment) {
    Optional<String> given = environment.text(ADDRESS);
    Optional<URI> address =
        given.flatMap(ListenerSettings::baseUrl).filter(WrappingSettings::isSafe);
    if (given.isPresent() && address.isEmpty()) {
      environment.fault(
          ADDRESS,
          "must be an https URL such as https://vault.example.org:8200; http on this machine");
    }
    return address;
  }

  /**
   * Whether calls to an address are safe: the address uses TLS or is on this machine. The answer to
   * such a call contains an encryption key, which must never cross a network unencrypted.
   */
  private static boolean isSafe(URI address) {
    return "https".equalsIgnoreCase(address.getScheme()) || LOOPBACK.contains(address.getHost());
  }

  /**
   * Returns an object that unwraps keys, and fails immediately if a wrapping key can't be reached.
   *
   * @see #waiting
   */
  KeyUnwrapping atOnce() {
    return unwrapping(Duration.ZERO, unused -> {});
  }

  /**
   * Returns an object that unwraps keys. As long as a wrapping key can't be reached, the object
   * waits and tries again.
   */
  KeyUnwrapping waiting(Consumer<String> notice) {
    return unwrapping(patience, notice);
  }

  private KeyUnwrapping unwrapping(Duration longest, Consumer<String> notice) {
    return new KeyUnwrapping(
        List.of(withPin(Pkcs11KeyWrapper::new), new TransitKeyWrapper(vaultCalls())),
        longest,
        notice);
  }

  /**
   * Passes the PIN to a function. A method reference is used, because with it, the static analysis
   * treats the characters as not null.
   */
  @SuppressWarnings("UnnecessaryMethodReference")
  private <T> T withPin(Function<char @Nullable [], T> use) {
    return pin.isPresent() ? pin.get().lend(use::apply) : use.apply(null);
  }

  /** Returns the object that creates the issuer's keys and signs statements with them. */
  public StatementSigner signer() {
    return issuerKey
        .<StatementSigner>map(
            key -> withPin(text -> new OutsideStatementSigner(key, text, vaultCalls())))
        .orElseGet(RsaStatementSigner::new);
  }

  /**
   * Logs in to the PKCS#11 token that holds the issuer's key, if there is such a token. Returns the
   * object that creates the issuer's keys and signs statements with them. Even if the token can't
   * be used now, the node starts, because the node needs the token only to sign statements.
   *
   * @param notice receives a sentence that says why the token can't be used now
   * @throws StartRefused if the token refuses the PIN
   */
  public StatementSigner signerAtStart(Consumer<String> notice) {
    StatementSigner signer = signer();
    if (signer instanceof OutsideStatementSigner outside) {
      try {
        outside.logIn();
      } catch (OutsideKeyFailure e) {
        String why = "the key that CLAVIGER_ISSUER_KEY names can't be used: " + e.getMessage();
        if (e.isLocking()) {
          throw StartRefused.lasting(why, e);
        }
        notice.accept(why + "; the node starts without it");
      }
    }
    return signer;
  }

  private Vault vaultCalls() {
    return new Vault(
        vault, this::readToken, vaultAuthorities.map(pem -> pem.lendUtf8(bytes -> bytes.clone())));
  }

  private Optional<String> readToken() {
    try {
      return vaultToken.isEmpty()
          ? Optional.empty()
          : Optional.of(Files.readString(vaultToken.get()).strip());
    } catch (IOException e) {
      throw OutsideKeyFailure.away("the file of VAULT_TOKEN_FILE can't be read");
    }
  }
}
