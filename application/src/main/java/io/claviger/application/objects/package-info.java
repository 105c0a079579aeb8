/**
 * The ledger of provider objects: who holds the objects that calls have stored at providers, and
 * who may use them.
 */
package io.claviger.application.objects;
