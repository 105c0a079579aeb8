/**
 * Makes what is sent with calls from the credentials of services: one class for each kind. The
 * protocols are implemented by the libraries of the providers, and every request passes the same
 * rules about addresses, time and size.
 */
package io.claviger.credentials;
