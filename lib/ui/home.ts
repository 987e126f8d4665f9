import type { Role } from "@/lib/accounts/account.ts";

const HOMES: Record<Role, string> = {
  doctor: "/visits",
  patient: "/patient-portal/dashboard",
  admin: "/admin",
};

/** Where somebody in this role begins. */
export function homeOf(role: Role): string {
  return HOMES[role];
}
