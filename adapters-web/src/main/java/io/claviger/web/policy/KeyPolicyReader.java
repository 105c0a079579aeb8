package io.claviger.web.policy;

import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;

/** Reads {@code key_policy}. The application checks whether the combined policy is allowed. */
public final class KeyPolicyReader {
  private KeyPolicyReader() {}

  public static KeyPolicyWrite read(JsonObject fields) {
    return fields.nested("key_policy").map(KeyPolicyReader::parts).orElse(KeyPolicyWrite.ABSENT);
  }

  private static KeyPolicyWrite parts(JsonObject policy) {
    KeyPolicyWrite write =
        new KeyPolicyWrite(
            policy.value("central_key", JsonConverter.FLAG),
            policy.value("user_keys", JsonConverter.FLAG),
            policy.value("fallback_to_central", JsonConverter.FLAG));
    policy.recordUnknownFields();
    return write;
  }
}
