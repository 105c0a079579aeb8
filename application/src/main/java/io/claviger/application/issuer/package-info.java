/**
 * The parts of Claviger that make it an issuer. These are the keys and their rotation, the
 * documents for providers, and the signed statements about services.
 */
package io.claviger.application.issuer;
