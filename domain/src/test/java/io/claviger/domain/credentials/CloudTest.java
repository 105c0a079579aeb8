package io.claviger.domain.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudTest {
  @ParameterizedTest
  @CsvSource({
    "AWS, bedrock-runtime.eu-central-1.amazonaws.com",
    "AWS, bedrock-runtime-fips.us-gov-west-1.amazonaws.com",
    "AWS, bedrock-mantle.us-east-1.api.aws",
    "AWS, bedrock-runtime.cn-north-1.amazonaws.com.cn",
    "AWS, bedrock-runtime.eusc-de-east-1.amazonaws.eu",
    "AWS, vpce-0a1b-2c.bedrock-runtime.us-east-1.vpce.amazonaws.com",
    "GOOGLE, aiplatform.googleapis.com",
    "GOOGLE, europe-west4-aiplatform.googleapis.com",
    "GOOGLE, aiplatform.eu.rep.googleapis.com",
    "GOOGLE, generativelanguage.googleapis.com",
    "AZURE, mine.openai.azure.com",
    "AZURE, mine.cognitiveservices.azure.com",
    "AZURE, mine.services.ai.azure.com",
    "AZURE, eastus.api.cognitive.microsoft.com"
  })
  void a_cloud_serves_models_at_its_own_hosts_and_at_no_other_clouds(Cloud cloud, String host) {
    for (Cloud each : Cloud.values()) {
      assertThat(each.serves(host)).isEqualTo(each == cloud);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ec2-1-2-3-4.eu-central-1.compute.amazonaws.com",
    "bucket.s3.amazonaws.com",
    "bedrock-bucket.s3.amazonaws.com",
    "a.bedrock.s3.amazonaws.com",
    "bedrock-bucket.s3-eu-west-1.amazonaws.com",
    "bedrock-bucket.s3-website-eu-west-1.amazonaws.com",
    "abc.execute-api.eu-central-1.amazonaws.com",
    "bedrock-runtime.eu-central-1.amazonaws.com.evil.example",
    "evil-bedrock.example",
    "bedrock-bucket.s3.eusc-de-east-1.amazonaws.eu",
    "vpce-1.vpce-svc-2.us-east-1.vpce.amazonaws.com",
    "bucket.storage.googleapis.com",
    "aiplatform.googleapis.com.evil.example",
    "evilaiplatform.googleapis.com.example",
    "x.eastus.cloudapp.azure.com",
    "openai.azure.com",
    "a.b.openai.azure.com",
    "mine.azurewebsites.net",
    "169.254.169.254",
    "localhost"
  })
  void machines_of_customers_are_none_of_them(String host) {
    for (Cloud each : Cloud.values()) {
      assertThat(each.serves(host)).isFalse();
    }
  }
}
