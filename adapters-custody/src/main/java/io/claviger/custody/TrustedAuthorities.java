package io.claviger.custody;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificate authorities that the operator names, and that are trusted instead of the public
 * authorities.
 */
public final class TrustedAuthorities {
  private TrustedAuthorities() {}

  /** Returns trust managers that trust only certificates from these authorities. */
  public static TrustManager[] managers(Collection<? extends Certificate> authorities)
      throws GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      trusted.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store could not be created", e);
    }
    for (Certificate authority : authorities) {
      trusted.setCertificateEntry("authority " + trusted.size(), authority);
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    return managers.getTrustManagers();
  }

  /**
   * Returns a client's TLS context, which trusts only servers with certificates from these
   * authorities.
   *
   * @param pem the certificates of the authorities, in PEM
   * @throws GeneralSecurityException if the text is empty or does not consist of certificates
   */
  public static SSLContext client(byte[] pem) throws GeneralSecurityException {
    Collection<? extends Certificate> authorities =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    if (authorities.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers(authorities), null);
    return context;
  }
}
