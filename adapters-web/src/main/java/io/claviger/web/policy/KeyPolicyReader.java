package io.claviger.web.policy;

import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.web.json.Fields;
import io.claviger.web.json.Shape;

/** Reads {@code key_policy}; whether it makes sense is judged by what the write amounts to. */
public final class KeyPolicyReader {
  private KeyPolicyReader() {}

  public static KeyPolicyWrite read(Fields fields) {
    return fields.nested("key_policy").map(KeyPolicyReader::parts).orElse(KeyPolicyWrite.ABSENT);
  }

  private static KeyPolicyWrite parts(Fields policy) {
    KeyPolicyWrite write =
        new KeyPolicyWrite(
            policy.value("central_key", Shape.FLAG),
            policy.value("user_keys", Shape.FLAG),
            policy.value("fallback_to_central", Shape.FLAG));
    policy.noOthers();
    return write;
  }
}
