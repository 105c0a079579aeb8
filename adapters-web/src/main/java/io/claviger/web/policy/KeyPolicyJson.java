package io.claviger.web.policy;

import io.claviger.domain.policy.KeyPolicy;

public record KeyPolicyJson(boolean centralKey, boolean userKeys, boolean fallbackToCentral) {
  public static KeyPolicyJson of(KeyPolicy policy) {
    return new KeyPolicyJson(policy.centralKey(), policy.userKeys(), policy.fallbackToCentral());
  }
}
