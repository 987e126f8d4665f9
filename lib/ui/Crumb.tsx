import { Icon } from "@/lib/ui/Icon.tsx";

/** The way back up. */
export function Crumb({ href, children }: { href: string; children: string }) {
  return (
    <a class="crumb" href={href}>
      <Icon name="chevron-left" class="size-5 rtl:-scale-x-100" />
      {children}
    </a>
  );
}
