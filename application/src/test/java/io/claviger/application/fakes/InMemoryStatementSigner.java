package io.claviger.application.fakes;

import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.issuer.VerificationKey;
import io.claviger.domain.keys.Secret;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A {@link StatementSigner} that keeps its keys. What is sealed is only the number of a key. The
 * keys are short, because those of 2048 bits take long to make.
 */
public final class InMemoryStatementSigner implements StatementSigner {
  private static final int BITS = 512;

  private final List<KeyPair> made = new CopyOnWriteArrayList<>();
  private volatile boolean isOutside;
  private volatile boolean isAway;

  /**
   * From now on, keys stay elsewhere: each one is the last that was made.
   *
   * @param away whether they can't be used
   */
  public void stayOutside(boolean away) {
    isOutside = true;
    isAway = away;
  }

  private void demandPresence() {
    if (isAway) {
      throw OutsideKeyFailure.away("the token is unplugged");
    }
  }

  @Override
  public synchronized NewKey make() {
    demandPresence();
    if (!isOutside || made.isEmpty()) {
      makeAnother();
    }
    return new NewKey(
        verification(made.getLast()),
        Secret.takingOver(ByteBuffer.allocate(4).putInt(made.size() - 1).array()));
  }

  /** What an operator does where keys are kept. */
  public synchronized void makeAnother() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      made.add(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static VerificationKey verification(KeyPair pair) {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    return new VerificationKey(key.getModulus(), key.getPublicExponent());
  }

  @Override
  public Optional<VerificationKey> verification(Secret signing) {
    return Optional.of(verification(pair(signing)));
  }

  private KeyPair pair(Secret signing) {
    return signing.lend(bytes -> made.get(ByteBuffer.wrap(bytes).getInt()));
  }

  @Override
  public byte[] sign(Secret signing, byte[] content) {
    demandPresence();
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(pair(signing).getPrivate());
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
