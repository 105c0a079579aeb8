package io.claviger.web.policy;

import io.claviger.domain.policy.KeyPolicy;

/** A key policy as the API shows it. */
public record KeyPolicyJson(boolean centralKey, boolean userKeys, boolean fallbackToCentral) {
  public static KeyPolicyJson of(KeyPolicy policy) {
    return new KeyPolicyJson(policy.centralKey(), policy.userKeys(), policy.fallbackToCentral());
  }
}
