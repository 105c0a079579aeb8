package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.AuditChainStore.StoredKey;
import io.claviger.application.audit.port.HeadSigner;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that sign for the audit trail. Because anybody with write access to the database can
 * store rows that look like keys, a key is valid only if this node can open the key's sealed
 * private part. If a key is sealed with an encryption key that this node lacks, this node can't
 * know which keys are valid. On such a node, all methods throw {@link MissingEncryptionKey}, and
 * only other nodes sign and verify.
 */
public final class AuditKeys {
  /**
   * The maximum time by which a key may have been made after the later of the database's time and
   * this node's time.
   */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  private final AuditChainStore store;
  private final HeadSigner signer;
  private final Sealer sealer;
  private final InstantSource database;
  private final InstantSource clock;
  private final Set<String> passedOver = new LinkedHashSet<>();

  /**
   * @param database the database's clock
   * @param clock the clock of this node
   */
  public AuditKeys(
      AuditChainStore store,
      HeadSigner signer,
      Sealer sealer,
      InstantSource database,
      InstantSource clock) {
    this.store = store;
    this.signer = signer;
    this.sealer = sealer;
    this.database = database;
    this.clock = clock;
  }

  /** A signature and the public key that verifies it, both in base64. */
  record Signed(String publicKey, String signature) {}

  /**
   * Signs with the newest key. Creates a key if the trail has none.
   *
   * @param now the time at which a key is made
   */
  Signed sign(byte[] content, Instant now) {
    List<StoredKey> own = own();
    if (own.isEmpty()) {
      HeadSigner.NewKey made = signer.make();
      try (Secret signing = made.signing()) {
        String id = ChainHead.keyId(made.publicKey());
        store.insertKey(
            new StoredKey(
                id, made.publicKey(), sealer.seal(signing, KeyBinding.ofAuditKey(id)), now),
            now);
        return signed(made.publicKey(), signing, content);
      }
    }
    StoredKey key = own.getFirst();
    try (Secret signing = opened(key).orElseThrow()) {
      return signed(key.publicKey(), signing, content);
    }
  }

  private Signed signed(String publicKey, Secret signing, byte[] content) {
    return new Signed(publicKey, Base64.getEncoder().encodeToString(signer.sign(signing, content)));
  }

  /** Whether the head was signed with one of the valid keys. */
  boolean signed(ChainHead head) {
    return head.isSigned() && own().stream().anyMatch(key -> key.id().equals(head.keyId()));
  }

  /** Whether one of the valid keys made this signature of the given content. */
  boolean signed(byte[] content, String signature) {
    return own().stream().anyMatch(key -> ChainHead.isSigned(key.publicKey(), content, signature));
  }

  /** Throws {@link MissingEncryptionKey} if this node can't know which keys are valid. */
  void demandKnown() {
    List<StoredKey> unused = stored();
  }

  private List<StoredKey> stored() {
    List<StoredKey> stored = store.keys(Optional.of(latest(database.instant(), clock.instant())));
    stored.forEach(key -> sealer.demandKeyOf(key.value()));
    return stored;
  }

  /**
   * Returns the latest time at which a key may have been made. The later time of the two clocks
   * counts, because one of them might be behind the clock by which a key was made. If the earlier
   * time counted, such a key would be left out, and this node would make another key.
   */
  static Instant latest(Instant database, Instant own) {
    return (database.isAfter(own) ? database : own).plus(AHEAD);
  }

  /** Lists the keys that this node can open, newest first. */
  private List<StoredKey> own() {
    return stored().stream().filter(this::isOwn).toList();
  }

  private boolean isOwn(StoredKey key) {
    Optional<Secret> opened =
        key.id().equals(ChainHead.keyId(key.publicKey())) ? opened(key) : Optional.empty();
    opened.ifPresent(Secret::close);
    if (opened.isEmpty()) {
      synchronized (passedOver) {
        boolean unused = passedOver.add(key.id());
      }
    }
    return opened.isPresent();
  }

  private Optional<Secret> opened(StoredKey key) {
    return sealer.open(key.value(), KeyBinding.ofAuditKey(key.id()));
  }

  /**
   * Of the keys that this node has read since the last call, returns the ids of those that it can't
   * open.
   */
  public Set<String> takePassedOver() {
    synchronized (passedOver) {
      Set<String> taken = Set.copyOf(passedOver);
      passedOver.clear();
      return taken;
    }
  }
}
