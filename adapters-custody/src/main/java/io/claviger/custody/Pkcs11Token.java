package io.claviger.custody;

import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#11 token, used through the JDK's provider. The JDK selects a token only by its slot. This
 * class finds the slot with internal classes of that provider. The program's manifest exports these
 * classes ({@code Add-Exports}). The methods of this class call a native library, so use them only
 * in {@link Pkcs11Calls#call}.
 */
final class Pkcs11Token {
  /**
   * The tokens in use, keyed by library and slot. Tokens are kept, because a process may initialize
   * a PKCS#11 library only once.
   */
  private static final Map<String, Device> DEVICES = new ConcurrentHashMap<>();

  private static final String WRAPPER = "sun.security.pkcs11.wrapper.";

  /**
   * The results of {@link #code} that say that the token, or the session with it, is gone. After a
   * reset or a reinsertion, tokens also answer that nobody is logged in or that the library is not
   * initialized.
   */
  private static final Pattern GONE =
      Pattern.compile(
          " \\(CKR_(?:DEVICE_\\w+|SESSION_\\w+|TOKEN_NOT_PRESENT|USER_NOT_LOGGED_IN"
              + "|CRYPTOKI_NOT_INITIALIZED)\\)");

  private static final long OS_LOCKING = 2;

  private final Provider provider;
  private final KeyStore keys;

  private Pkcs11Token(Provider provider, KeyStore keys) {
    this.provider = provider;
    this.keys = keys;
  }

  /**
   * Opens the token and logs in to it.
   *
   * @param pin the PIN; null if there is none
   */
  static Pkcs11Token open(KeyUri.Pkcs11 uri, char @Nullable [] pin) {
    return device(uri).open(pin);
  }

  /**
   * A token, and whether it has refused the PIN. A process has one PIN. Once a token has refused
   * the PIN, this process never sends the PIN to the token again, because the token would lock
   * itself after a few more attempts.
   */
  static final class Device {
    private final Provider provider;
    private @Nullable OutsideKeyFailure refusal;

    Device(Provider provider) {
      this.provider = provider;
    }

    /**
     * Opens the token and logs in to it. One thread logs in at a time, so the token gets a wrong
     * PIN only once.
     */
    synchronized Pkcs11Token open(char @Nullable [] pin) {
      if (refusal != null) {
        throw refusal;
      }
      try {
        KeyStore keys = KeyStore.getInstance("PKCS11", provider);
        keys.load(null, pin);
        return new Pkcs11Token(provider, keys);
      } catch (IOException e) {
        throw failure(e, pin != null);
      } catch (GeneralSecurityException | ProviderException e) {
        throw OutsideKeyFailure.away("the PKCS#11 token does not answer" + code(e));
      }
    }

    private OutsideKeyFailure failure(IOException e, boolean withPin) {
      String code = code(e);
      if (code.contains("CKR_PIN")) {
        OutsideKeyFailure refused =
            OutsideKeyFailure.refusedPin("the PKCS#11 token refuses the PIN" + code);
        refusal = refused;
        return refused;
      }
      if (!withPin) {
        return OutsideKeyFailure.refused(
            "the PKCS#11 token wants a PIN: set CLAVIGER_PKCS11_PIN_FILE");
      }
      return OutsideKeyFailure.away("the PKCS#11 token does not let anybody log in" + code);
    }
  }

  Provider provider() {
    return provider;
  }

  /** Finds a key in the token by the key's label. */
  Key key(String label) {
    try {
      Key key = keys.getKey(label, null);
      if (key != null) {
        return key;
      }
    } catch (GeneralSecurityException | ProviderException e) {
      throw OutsideKeyFailure.away("the PKCS#11 token does not answer" + code(e));
    }
    throw OutsideKeyFailure.refused("the PKCS#11 token has no key with that label");
  }

  /**
   * Finds the certificate of a private key. The JDK finds only private keys that have a
   * certificate.
   */
  Certificate certificate(String label) {
    try {
      Certificate certificate = keys.getCertificate(label);
      if (certificate != null && keys.isKeyEntry(label)) {
        return certificate;
      }
    } catch (GeneralSecurityException | ProviderException e) {
      throw OutsideKeyFailure.away("the PKCS#11 token does not answer" + code(e));
    }
    throw OutsideKeyFailure.refused(
        "the PKCS#11 token has no private key with a certificate of that label");
  }

  private static Device device(KeyUri.Pkcs11 uri) {
    if (!Files.isReadable(Path.of(uri.modulePath()))) {
      throw OutsideKeyFailure.refused("the library %s is missing".formatted(uri.modulePath()));
    }
    long slot = Slots.find(uri);
    return DEVICES.computeIfAbsent(
        uri.modulePath() + " " + slot,
        unused ->
            new Device(
                configured(
                    "--name=claviger\nlibrary=%s\nslot=%s".formatted(uri.modulePath(), slot))));
  }

  private static Provider configured(String configuration) {
    Provider unconfigured = Security.getProvider("SunPKCS11");
    if (unconfigured == null) {
      throw OutsideKeyFailure.refused("this Java has no PKCS#11 (module jdk.crypto.cryptoki)");
    }
    try {
      return unconfigured.configure(configuration);
    } catch (RuntimeException e) {
      throw OutsideKeyFailure.away("the PKCS#11 token does not answer" + code(e));
    }
  }

  /**
   * Returns the return code in the token's message, such as {@code CKR_PIN_INCORRECT}, and nothing
   * else of the message.
   */
  static String code(Throwable from) {
    for (Throwable cause = from; cause != null; cause = cause.getCause()) {
      String said = String.valueOf(cause.getMessage());
      if (cause.getClass().getName().startsWith(WRAPPER) && said.matches("[A-Z0-9_]{5,60}")) {
        return " (" + said + ")";
      }
    }
    return "";
  }

  /**
   * Returns the failure of an operation that the token itself carries out. If the token has gone
   * away since the login, or has ended the session, a later attempt might succeed.
   */
  static OutsideKeyFailure failure(String what, Exception from) {
    String code = code(from);
    return GONE.matcher(code).matches()
        ? OutsideKeyFailure.away("the PKCS#11 token does not answer" + code)
        : OutsideKeyFailure.refused(what + code);
  }

  /** Finds slots by the information in their tokens. */
  private static final class Slots {
    static long find(KeyUri.Pkcs11 uri) {
      try {
        Class<?> library = Class.forName(WRAPPER + "PKCS11");
        Object opened = opened(library, uri.modulePath());
        List<Long> found = new ArrayList<>();
        for (long slot :
            (long[]) library.getMethod("C_GetSlotList", boolean.class).invoke(opened, true)) {
          if (isMeant(library, opened, slot, uri.token())) {
            found.add(slot);
          }
        }
        if (found.size() > 1) {
          throw OutsideKeyFailure.refused("several PKCS#11 tokens fit: add serial=… to the URI");
        }
        if (found.isEmpty()) {
          throw OutsideKeyFailure.away("there is no such PKCS#11 token");
        }
        return found.get(0);
      } catch (InvocationTargetException e) {
        throw OutsideKeyFailure.away("the PKCS#11 library does not work" + code(e));
      } catch (ReflectiveOperationException e) {
        throw OutsideKeyFailure.refused(
            "this Java gives no access to PKCS#11 tokens; start it with --add-exports"
                + " jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED");
      }
    }

    private static Object opened(Class<?> library, String path)
        throws ReflectiveOperationException {
      Class<?> arguments = Class.forName(WRAPPER + "CK_C_INITIALIZE_ARGS");
      Object locking = arguments.getConstructor().newInstance();
      arguments.getField("flags").setLong(locking, OS_LOCKING);
      return library
          .getMethod("getInstance", String.class, String.class, arguments, boolean.class)
          .invoke(null, path, "C_GetFunctionList", locking, false);
    }

    private static boolean isMeant(
        Class<?> library, Object opened, long slot, Map<String, String> attributes)
        throws ReflectiveOperationException {
      Object about = library.getMethod("C_GetTokenInfo", long.class).invoke(opened, slot);
      for (Map.Entry<String, String> attribute : attributes.entrySet()) {
        String actual =
            switch (attribute.getKey()) {
              case "slot-id" -> Long.toString(slot);
              case "token" -> said(about, "label");
              case "manufacturer" -> said(about, "manufacturerID");
              case "serial" -> said(about, "serialNumber");
              default -> said(about, "model");
            };
        if (!actual.equals(attribute.getValue())) {
          return false;
        }
      }
      return true;
    }

    /** Tokens pad their values with blanks. */
    private static String said(Object about, String field) throws ReflectiveOperationException {
      return new String((char[]) about.getClass().getField(field).get(about)).stripTrailing();
    }
  }
}
