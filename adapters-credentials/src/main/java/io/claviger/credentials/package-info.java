/**
 * Makes, from the credentials of services, the tokens and keys that are sent with calls. The
 * package has one class for each kind of credential. The protocols are implemented by libraries of
 * the providers; for every request, the same rules about addresses, time and size apply.
 */
package io.claviger.credentials;
