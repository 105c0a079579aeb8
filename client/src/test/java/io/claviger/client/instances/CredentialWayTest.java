package io.claviger.client.instances;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CredentialWayTest {
  @Test
  void a_way_is_read_from_the_contract() {
    CredentialWay client = CredentialWay.of("oauth_client");

    assertThat(client.settings())
        .containsExactly(
            new CredentialWay.Setting("client_id", true, "The id of the application or client"),
            new CredentialWay.Setting("token_url", true, "Where the server makes tokens"),
            new CredentialWay.Setting("scope", false, ""),
            new CredentialWay.Setting("audience", false, ""));
    assertThat(client.kind()).isEqualTo("oauth_client");
    assertThat(client.provider()).isEmpty();
    assertThat(client.isMinted()).isTrue();
  }

  @Test
  void a_private_key_has_a_field_of_its_own_and_only_files_have_several_lines() {
    CredentialWay client = CredentialWay.of("oauth_client");

    assertThat(client.secretField("canary")).isEqualTo("client_secret");
    assertThat(client.secretField("-----BEGIN PRIVATE KEY-----")).isEqualTo("assertion_key");
    assertThat(client.isFile()).isTrue();
    assertThat(CredentialWay.of("google_service_account").isFile()).isTrue();
    assertThat(CredentialWay.of("aws").isFile()).isFalse();
    assertThat(CredentialWay.of("aws").secretField("-----BEGIN")).isEqualTo("secret_access_key");
  }

  @Test
  void a_federation_is_a_way_for_each_provider() {
    CredentialWay aws = CredentialWay.of(" federated-aws ");

    assertThat(aws.kind()).isEqualTo("federated");
    assertThat(aws.provider()).isEqualTo("aws");
    assertThat(aws.hasSecret()).isFalse();
    assertThat(aws.isMinted()).isTrue();
  }

  @Test
  void a_key_is_the_usual_way_and_nothing_is_minted_for_it() {
    assertThat(CredentialWay.usual().isUsual()).isTrue();
    assertThat(CredentialWay.usual().isMinted()).isFalse();
    assertThat(CredentialWay.of("none").isMinted()).isFalse();
    assertThat(CredentialWay.secretOf("aws")).contains("secret_access_key");
    assertThat(CredentialWay.secretOf("federated")).isEmpty();
    assertThat(CredentialWay.secretOf("of_a_later_version")).isEmpty();
  }
}
