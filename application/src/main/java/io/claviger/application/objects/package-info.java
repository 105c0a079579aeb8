/** The ledger of provider objects: who holds what calls left at providers, and who may use it. */
package io.claviger.application.objects;
