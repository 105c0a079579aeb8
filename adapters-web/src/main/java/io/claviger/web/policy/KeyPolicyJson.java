package io.claviger.web.policy;

import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;

public record KeyPolicyJson(boolean centralKey, boolean userKeys, boolean fallbackToCentral) {
  public static KeyPolicyJson of(KeyPolicy policy) {
    return new KeyPolicyJson(policy.centralKey(), policy.userKeys(), policy.fallbackToCentral());
  }

  /** Reads {@code key_policy}. The application checks whether the resulting policy is allowed. */
  public static KeyPolicyWrite read(JsonObject fields) {
    return fields.nested("key_policy").map(KeyPolicyJson::parts).orElse(KeyPolicyWrite.ABSENT);
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
