/**
 * The ledger of provider objects. The ledger records who holds the objects that calls have stored
 * at providers, and who may use these objects.
 */
package io.claviger.application.objects;
