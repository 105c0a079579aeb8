package io.claviger.web.audit;

import io.claviger.domain.audit.ChainHead;
import io.claviger.web.json.JsonWriter;
import java.time.Instant;

/** The signed head of the audit trail, as the API and {@code claviger audit head} show it. */
public record ChainHeadJson(
    long number, String hash, Instant at, String keyId, String publicKey, String signature) {

  public static ChainHeadJson of(ChainHead head) {
    return new ChainHeadJson(
        head.number(), head.hash(), head.at(), head.keyId(), head.publicKey(), head.signature());
  }

  /** Returns the head as one line of JSON, without a line break at the end. */
  public byte[] line() {
    return JsonWriter.bytes(this);
  }
}
